/** A line to type in what is looked for; its label is what stands in it while it is empty. */
export const SearchField = ({
  label,
  value,
  list,
  onType
}: {
  readonly label: string
  readonly value: string
  /** The id of a list of what might be meant. */
  readonly list?: string
  readonly onType: (typed: string) => void
}) => (
  <label class="grow">
    <span class="unseen">{label}</span>
    <input
      type="search"
      placeholder={label}
      value={value}
      list={list}
      onInput={({ currentTarget }) => onType(currentTarget.value)}
    />
  </label>
)
