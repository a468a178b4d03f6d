import { useState } from "preact/hooks"
import { SearchField } from "../parts/SearchField.tsx"
import { useSettled } from "../parts/useSettled.ts"
import { FoundNames } from "./FoundNames.tsx"
import { Recent } from "./Recent.tsx"

/** Where looking into images begins: with what was looked at before, and the names in it. */
export const Start = () => {
  const [typed, type] = useState("")
  const query = useSettled(typed.trim())
  return (
    <section class="narrow">
      <div class="tools">
        <SearchField label="Find a file in what you looked into" value={typed} onType={type} />
      </div>
      <h2 class="recent">{query === "" ? "Looked at lately" : "Files found"}</h2>
      {query === "" ? <Recent /> : <FoundNames query={query} />}
    </section>
  )
}
