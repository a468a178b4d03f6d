import { closeSync, constants, fdatasync, fsyncSync, openSync } from "node:fs"
import { dirname } from "node:path"
import { promisify } from "node:util"

const putOnDisk = promisify(fdatasync)

/**
 * The log that SQLite appends every commit to, of a database that is open.
 *
 * SQLite would sync it in each commit (`synchronous = full`), and the whole process would stand still for that. With
 * `normal` it does not (https://sqlite.org/pragma.html#pragma_synchronous), and one sync of ours, off the event loop, makes
 * durable all that was committed before. SQLite itself still syncs log and database around a checkpoint, in this order, and
 * leaves the log where it is as long as a connection is open.
 */
export class WriteAheadLog {
  readonly #file: number

  constructor(database: string) {
    this.#file = openSync(`${database}-wal`, constants.O_RDWR)
    // Its name must survive as well; SQLite would see to that in its own first sync.
    const folder = openSync(dirname(database), constants.O_RDONLY)
    fsyncSync(folder)
    closeSync(folder)
  }

  sync(): Promise<void> {
    return putOnDisk(this.#file)
  }

  close(): void {
    closeSync(this.#file)
  }
}
