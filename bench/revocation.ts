import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { fileURLToPath } from "node:url"
import { type Cluster, startCluster } from "../test/instances/support/cluster.ts"
import { ada } from "../test/support/ada.ts"
import { type Rest, rest } from "../test/support/rest.ts"
import { type Service, startService } from "../test/support/service.ts"
import { disposableFolder } from "../test/support/temporaryFolder.ts"
import { byTurns, type Figure, median, millis, percentile, ratio } from "./support/figures.ts"
import { load } from "./support/load.ts"
import { residentBytes } from "./support/memory.ts"

const CONNECTIONS = 32

/** Tokens are to be good at the next start, too, which is at another port. */
const SETTINGS = { KEYHOLE_RATE_LIMIT: "off", KEYHOLE_ISSUER: "http://keyhole.example" }

const tokenOf = async (person: Rest, path: "register" | "login"): Promise<string> =>
  String((await person.post(`/auth/${path}`, ada)).body.access_token)

/** From the answer to a log-out on one instance until the other has refused the token, a round trip to ask included. */
const refusals = async ({ instances }: Cluster, count: number) => {
  const [here, there] = instances.map((each) => each.rest)
  if (here === undefined || there === undefined) throw new Error("there are not two instances")
  await tokenOf(here, "register")
  const [delays, logOuts]: readonly [Array<number>, Array<number>] = [[], []]
  for (let at = 0; at < count; at++) {
    const token = await tokenOf(here, "login")
    // The other one has it in memory.
    if ((await there.get("/users/me", token)).status !== 200) throw new Error("a live token was refused")
    const begun = performance.now()
    await here.post("/auth/logout", undefined, token)
    const answered = performance.now()
    logOuts.push(answered - begun)
    while ((await there.get("/users/me", token)).status === 200);
    delays.push(performance.now() - answered)
  }
  return { delays, logOuts }
}

const betweenInstances = async (count: number) => {
  const cluster = await startCluster(2)
  try {
    return await refusals(cluster, count)
  } finally {
    await cluster.stop()
  }
}

interface Started extends AsyncDisposable {
  readonly service: Service
  readonly token: string
}

/** The service with that many revocations that hold for an hour, and somebody who is signed in. */
const startRevoked = async (revocations: number, settings: Readonly<Record<string, string>> = {}): Promise<Started> => {
  const folder = disposableFolder()
  const start = () => startService({ ...SETTINGS, KEYHOLE_DATA_DIR: folder.path, ...settings })
  const first = await start()
  const token = await tokenOf(rest(first.url), "register")
  await first.end("SIGTERM")
  using database = new DatabaseSync(join(folder.path, "keyhole.db"))
  const insert = database.prepare("insert into token_entry (key, value, expires_at) values (?, 'signed-out', ?)")
  database.exec("begin")
  for (let at = 0; at < revocations; at++) insert.run(`revoked:sess_${at}`, Date.now() + 3_600_000)
  database.exec("commit")
  const service = await start()
  return {
    service,
    token,
    [Symbol.asyncDispose]: async () => {
      await service.end("SIGTERM")
      folder[Symbol.dispose]()
    }
  }
}

const reading = ({ service, token }: Started, seconds: number) =>
  load({ url: `${service.url}/users/me`, seconds, connections: CONNECTIONS, bearer: token })

/** How many reads one answers for each read of the other. */
const compared = async (one: Started, other: Started, times: number, seconds: number) => {
  await byTurns(
    1,
    () => reading(one, seconds),
    () => reading(other, seconds)
  )
  const pairs = await byTurns(
    times,
    () => reading(one, seconds),
    () => reading(other, seconds)
  )
  const rate = (answered: ReadonlyArray<{ readonly rate: number }>) =>
    Math.round(median(answered.map((each) => each.rate)))
  return {
    value: ratio(median(pairs.map(([ours, theirs]) => ours.rate / theirs.rate))),
    beside: `${rate(pairs.map(([ours]) => ours))} against ${rate(pairs.map(([, theirs]) => theirs))} a second`
  }
}

const UNCHECKED = {
  NODE_OPTIONS: `--import=${fileURLToPath(new URL("process/unchecked/register.ts", import.meta.url))}`
}

/** Whoever leaves the check out accepts what was revoked: otherwise nothing is compared. */
const mustNotCheck = async ({ service }: Started) => {
  const person = rest(service.url)
  const token = await tokenOf(person, "login")
  await person.get("/users/me", token)
  await person.post("/auth/logout", undefined, token)
  if ((await person.get("/users/me", token)).status !== 200) throw new Error("the check was not left out")
}

const whatTheCheckCosts = async (times: number, seconds: number) => {
  await using checked = await startRevoked(FEW)
  await using unchecked = await startRevoked(FEW, UNCHECKED)
  await mustNotCheck(unchecked)
  return await compared(checked, unchecked, times, seconds)
}

const metric = async ({ service }: Started, name: string): Promise<number> => {
  const { body } = await rest(service.url).get("/metrics")
  return Number(new RegExp(`^${name} (\\S+)$`, "mu").exec(String(body))?.[1])
}

const MANY = 1_000_000
const FEW = 1000

/** What revocation costs: its way to another instance, the check in a read, and the memory of a million. */
export const benchRevocation = async (isQuick: boolean): Promise<ReadonlyArray<Figure>> => {
  const [times, seconds] = isQuick ? [5, 1] : [15, 2]
  const { delays, logOuts } = await betweenInstances(isQuick ? 200 : 2000)

  const check = await whatTheCheckCosts(times, seconds)
  // Both have just begun: one that has answered for longer is the quicker.
  await using few = await startRevoked(FEW)
  await using many = await startRevoked(MANY)
  const size = await compared(many, few, times, seconds)
  const more = (residentBytes(many.service.pid) - residentBytes(few.service.pid)) / (MANY - FEW)
  const kept = (await metric(many, "keyhole_revocations_bytes")) / (await metric(many, "keyhole_revocations"))
  return [
    {
      what: "from a log-out's answer to the refusal by another instance, p99",
      value: millis(percentile(delays, 0.99)),
      aim: "≤ 20 ms",
      beside: `of ${delays.length}, p50 ${millis(percentile(delays, 0.5))}, longest ${millis(Math.max(...delays))}; the log-out itself ${millis(median(logOuts))}`
    },
    { what: "`GET /users/me`, × the same without the look for a revocation", aim: "≥ 0.90", ...check },
    { what: `\`GET /users/me\` with 1,000,000 live revocations, × with 1,000`, aim: "≥ 0.98", ...size },
    {
      what: "memory for each of 1,000,000 revocations",
      value: `${kept.toFixed(0)} bytes`,
      aim: "< 64 bytes",
      beside: `the process has ${more.toFixed(0)} bytes more for each`
    }
  ]
}
