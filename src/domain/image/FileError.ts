import { Schema } from "effect"
import { EntryType } from "./Entry.ts"

export class FileNotFound extends Schema.TaggedError<FileNotFound>()("FileNotFound", { path: Schema.String }) {}

/** A whiteout, or an opaque directory, of the layer with this index stands above where the file was or might be. */
export class FileDeleted extends Schema.TaggedError<FileDeleted>()("FileDeleted", {
  path: Schema.String,
  layer: Schema.Number
}) {}

/** A link on the way leads nowhere: `target` is not there, or is the link that is one too many. */
export class LinkDangling extends Schema.TaggedError<LinkDangling>()("LinkDangling", {
  path: Schema.String,
  target: Schema.String,
  reason: Schema.Literals(["missing", "loop"])
}) {}

/** There is something, but it has no bytes. */
export class NotAFile extends Schema.TaggedError<NotAFile>()("NotAFile", { path: Schema.String, type: EntryType }) {}

export type FileError = FileNotFound | FileDeleted | LinkDangling | NotAFile
