/** What a form says, field by field. */
export type Said = Readonly<Record<string, string>>

export const saidIn = (form: EventTarget | null): Said =>
  form instanceof HTMLFormElement
    ? Object.fromEntries(
        [...new FormData(form)].filter((pair): pair is [string, string] => typeof pair[1] === "string")
      )
    : {}

/** What is ticked of the boxes of one name. */
export const tickedIn = (form: HTMLFormElement, name: string): ReadonlyArray<string> =>
  new FormData(form).getAll(name).map(String)
