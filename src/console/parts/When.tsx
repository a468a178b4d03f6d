const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto" })
const absolute = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "medium" })

const STEPS = [
  ["year", 31_557_600],
  ["month", 2_629_800],
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60]
] as const

const fromNow = (time: string): string => {
  const seconds = (Date.parse(time) - Date.now()) / 1000
  const step = STEPS.find(([, length]) => Math.abs(seconds) >= length)
  return step === undefined ? "just now" : relative.format(Math.round(seconds / step[1]), step[0])
}

/** How long ago; exactly when, for those who point at it. */
export const When = ({ at }: { readonly at: string }) => (
  <time dateTime={at} title={absolute.format(new Date(at))}>
    {fromNow(at)}
  </time>
)
