/** The records of a PAX extended header that bear on what is listed or carved; the others are dropped. */
export interface PaxRecords {
  readonly values: ReadonlyMap<string, string>
  /** GNU sparse 0.0 repeats its two keys, so the map is in the order of the records. */
  readonly sparse: ReadonlyArray<number | undefined>
}
