import type { World } from "./world.ts"

/** What a person's visit is made of; each answer that was not meant is reported in words. */
export interface Visits {
  readonly world: World
  readonly images: ReadonlyArray<string>
  readonly isOver: () => boolean
  readonly unmeant: (what: string) => void
  readonly answered: (kind: Kind, milliseconds: number) => void
}

export type Kind = "read" | "sign-in" | "refresh" | "peek" | "carve" | "log-out" | "left"

interface Tokens {
  readonly access_token: string
  readonly refresh_token: string
}

const READS = 25
const BETWEEN = 40

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))

/** One person: signs in, reads, refreshes, looks into images, sometimes leaves in the midst, logs out; and again. */
export const visitor = async (number: number, visits: Visits): Promise<void> => {
  const { world, images, isOver, unmeant, answered } = visits
  const account = world.accounts[number % world.accounts.length]

  const ask = async (kind: Kind, meant: number, path: string, token?: string, body?: object): Promise<string> => {
    const begun = performance.now()
    const response = await fetch(`${world.service.url}${path}`, {
      ...(body === undefined ? {} : { method: "POST", body: JSON.stringify(body) }),
      headers: {
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
        ...(token === undefined ? {} : { Authorization: `Bearer ${token}` })
      }
    })
    const text = await response.text()
    answered(kind, performance.now() - begun)
    if (response.status !== meant) unmeant(`${kind}: ${response.status} in place of ${meant}: ${text.slice(0, 300)}`)
    return text
  }

  /** Leaves as soon as the answer begins. */
  const leave = async (path: string, token: string): Promise<void> => {
    const left = new AbortController()
    const begun = performance.now()
    const headers = { Authorization: `Bearer ${token}`, Accept: "application/x-ndjson" }
    const response = await fetch(`${world.service.url}${path}`, { signal: left.signal, headers })
    if (response.status !== 200) unmeant(`left: ${response.status} in place of 200`)
    answered("left", performance.now() - begun)
    left.abort()
  }

  for (let round = number; !isOver(); round += 1) {
    const first: Tokens = JSON.parse(await ask("sign-in", 200, "/auth/login", undefined, account))
    for (let read = 0; read < READS && !isOver(); read += 1) {
      await ask("read", 200, "/users/me", first.access_token)
      await pause(BETWEEN)
    }
    const { refresh_token } = first
    const next: Tokens = JSON.parse(await ask("refresh", 200, "/auth/refresh", undefined, { refresh_token }))
    const image = encodeURIComponent(images[round % images.length] ?? "")
    if (round % 3 === 0) await leave(`/images/files?image=${image}`, next.access_token)
    else if (round % 3 === 1) await ask("peek", 200, `/images/files?image=${image}`, next.access_token)
    else await ask("carve", 200, `/images/file?path=/etc/last&image=${image}`, next.access_token)
    await ask("log-out", 200, "/auth/logout", next.access_token, {})
    await ask("read", 401, "/users/me", next.access_token)
    await ask("refresh", 401, "/auth/refresh", undefined, { refresh_token: next.refresh_token })
  }
}
