import { generateKeyPairSync, randomUUID } from "node:crypto"
import { callbackify } from "node:util"
import express from "express"
import { decodeJwt, SignJWT } from "jose"
import passport from "passport"
import { ExtractJwt, Strategy } from "passport-jwt"
import { createClient } from "redis"

/**
 * What many services do: passport-jwt verifies each access token, and Redis is asked each time whether it was revoked. The
 * user is in memory, which favours it.
 */
const { redisUrl }: { redisUrl: string } = JSON.parse(process.argv[2] ?? "")
const redis = await createClient({ url: redisUrl })
  .on("error", (error) => process.stderr.write(`${error}\n`))
  .connect()
const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 })
const user = { id: randomUUID(), email: "ada@example.com", name: "Ada", roles: ["viewer"] }
const users = new Map<string, typeof user>([[user.id, user]])

const bearerToken = ExtractJwt.fromAuthHeaderAsBearerToken()
const blacklisted = (jti: string | undefined) => `blacklist:${jti}`
const options = {
  jwtFromRequest: bearerToken,
  secretOrKey: publicKey.export({ type: "spki", format: "pem" }),
  algorithms: ["RS256" as const]
}
const caller = async ({ sub, jti }: { readonly sub: string; readonly jti: string }) =>
  (await redis.get(blacklisted(jti))) === null ? users.get(sub) : false
passport.use(new Strategy(options, callbackify(caller)))
const authenticated = passport.authenticate("jwt", { session: false })

const app = express()
app.disable("x-powered-by").disable("etag")
app.post("/auth/login", async (_request, response) => {
  const token = new SignJWT({}).setProtectedHeader({ alg: "RS256" }).setSubject(user.id).setJti(randomUUID())
  response.json({ access_token: await token.setIssuedAt().setExpirationTime("30 minutes").sign(privateKey) })
})
app.post("/auth/logout", authenticated, (request, response) => {
  const { jti } = decodeJwt(bearerToken(request) ?? "")
  return redis
    .set(blacklisted(jti), "1", { EX: 1800 })
    .then(() => response.json({ message: "Successfully logged out" }))
})
app.get("/users/me", authenticated, (request, response) => void response.json(request.user))
const server = app.listen(0, "127.0.0.1", () => {
  const address = server.address()
  process.stdout.write(`http://127.0.0.1:${typeof address === "object" ? address?.port : ""}\n`)
})
