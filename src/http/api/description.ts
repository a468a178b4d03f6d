import { Context, Schema, SchemaAST } from "effect"
import * as HttpApi from "effect/http-api/HttpApi"
import type * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as OpenApi from "effect/http-api/OpenApi"
import { Api } from "./Api.ts"
import { BodyExample } from "./BodyExample.ts"
import { NeedsPermission } from "./Caller.ts"

type Operation = OpenApi.OpenAPISpecOperation
type Parameter = OpenApi.OpenAPISpecParameter

const isPlain = (ast: SchemaAST.AST): boolean => SchemaAST.isNumber(ast) || SchemaAST.isBoolean(ast)

const descriptionOf = ({ context }: SchemaAST.AST) => {
  const description = context?.annotations?.["description"]
  return typeof description === "string" ? { description } : {}
}

/**
 * What is declared of the properties by name: what the key says, and of numbers and booleans, which are text on the wire, what
 * they are.
 */
const declared = (properties: Schema.Top | undefined): ReadonlyMap<string, Partial<Parameter>> => {
  const ast = properties && SchemaAST.toType(properties.ast)
  if (ast === undefined || !SchemaAST.isObjects(ast)) return new Map()
  return new Map(
    ast.propertySignatures.map(({ name, type }) => [
      String(name),
      {
        ...descriptionOf(type),
        ...(isPlain(type) && { schema: Schema.toJsonSchemaDocument(Schema.make(type)).schema })
      }
    ])
  )
}

const header = (description: string, type: string) => ({ description, required: true, schema: { type } })

/** What comes with every answer of a status. */
const HEADERS: Readonly<Record<string, Record<string, OpenApi.OpenAPISpecHeader>>> = {
  401: { "WWW-Authenticate": header("The challenge (RFC 6750 §3)", "string") },
  429: { "Retry-After": header("Seconds to wait", "integer") },
  503: { "Retry-After": header("Seconds to wait", "integer") }
}

const withExample = (body: OpenApi.OpenAPISpecRequestBody, example: object): OpenApi.OpenAPISpecRequestBody => ({
  ...body,
  content: Object.fromEntries(Object.entries(body.content).map(([type, media]) => [type, { ...media, example }]))
})

/** An operation with what its declaration says elsewhere than in its schemas. */
const described = (operation: Operation, { annotations, params, query }: HttpApiEndpoint.Top): Operation => {
  const permission = Context.get(annotations, NeedsPermission)
  const example = Context.get(annotations, BodyExample)
  const { requestBody } = operation
  const parameters = new Map([...declared(params), ...declared(query)])
  const responses = Object.entries(operation.responses).map(([status, answer]) => [
    status,
    { ...answer, ...(status in HEADERS && { headers: { ...answer.headers, ...HEADERS[status] } }) }
  ])
  return {
    ...operation,
    parameters: operation.parameters.map((each) => ({ ...each, ...parameters.get(each.name) })),
    responses: Object.fromEntries(responses),
    ...(requestBody && example && { requestBody: withExample(requestBody, example) }),
    ...(permission !== null && {
      description: `Needs the permission \`${permission}\`. ${operation.description ?? ""}`.trimEnd(),
      // OpenAPI 3.1 §4.8.30: of a scheme that is not OAuth's, the roles that are needed.
      security: operation.security.map((schemes) =>
        Object.fromEntries(Object.keys(schemes).map((scheme) => [scheme, [permission]]))
      )
    })
  }
}

const METHODS = ["get", "put", "post", "patch", "delete"] as const

/** The contract as an OpenAPI 3.1 document. */
export const describe = (): OpenApi.OpenAPISpec => {
  const endpoints = new Map<string, HttpApiEndpoint.Top>()
  HttpApi.reflect(Api, {
    onGroup: () => undefined,
    onEndpoint: ({ endpoint }) => {
      endpoints.set(`${endpoint.method.toLowerCase()} ${endpoint.path.replaceAll(/:(\w+)/gu, "{$1}")}`, endpoint)
    }
  })
  const document = OpenApi.fromApi(Api)
  for (const [path, operations] of Object.entries(document.paths)) {
    for (const method of METHODS) {
      const [operation, endpoint] = [operations[method], endpoints.get(`${method} ${path}`)]
      if (operation !== undefined && endpoint !== undefined) operations[method] = described(operation, endpoint)
    }
  }
  return document
}
