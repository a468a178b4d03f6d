/** The weights of a field's codings by their names; what has none weighs 1 (RFC 9110 §12.4.2). */
const weightsOf = (field: string): ReadonlyMap<string, number> =>
  new Map(
    field.split(",").map((each) => {
      const [name = "", ...parameters] = each.split(";").map((part) => part.trim().toLowerCase())
      const weight = parameters.find((parameter) => parameter.startsWith("q="))?.slice(2)
      return [name, weight === undefined ? 1 : Number(weight)]
    })
  )

/** The first of our codings that an `Accept-Encoding` does not refuse (RFC 9110 §12.5.3); with none, content goes as it is. */
export const contentCoding = <Coding extends string>(
  acceptEncoding: string | ReadonlyArray<string> | undefined,
  codings: ReadonlyArray<Coding>
): Coding | undefined => {
  const weights = weightsOf(String(acceptEncoding ?? ""))
  return codings.find((coding) => (weights.get(coding) ?? weights.get("*") ?? 0) > 0)
}
