/** Chooses a number below another one: always the same ones for the same seed (Marsaglia's xorshift). */
export const chooser = (seed: number) => {
  let state = (seed | 0) ^ 0x9e3779b9 || 1
  return (count: number): number => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % count
  }
}
