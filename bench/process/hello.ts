import express from "express"

/** Bare Express with a small JSON to answer: what everything else is measured by. */
const app = express()
app.disable("x-powered-by").disable("etag")
app.get("/", (_request, response) => void response.json({ message: "hello" }))
const server = app.listen(0, "127.0.0.1", () => {
  const address = server.address()
  process.stdout.write(`http://127.0.0.1:${typeof address === "object" ? address?.port : ""}\n`)
})
