import { Cause, ConfigProvider, Effect, Exit, Layer, Tracer } from "effect"
import { FetchHttpClient } from "effect/http"
import { OtlpSerialization, OtlpTracer } from "effect/observability"
import { Traced } from "./inSpan.ts"

const nameOf = (error: unknown): string =>
  typeof error === "object" && error !== null && "_tag" in error ? String(error._tag) : "defect"

/** How it ended, without what an error quotes: an address, a row, a path. */
const inAWord = (exit: Exit.Exit<unknown, unknown>): Exit.Exit<unknown, unknown> => {
  if (Exit.isSuccess(exit) || Cause.hasInterruptsOnly(exit.cause)) return exit
  const reason = exit.cause.reasons.find(Cause.isFailReason)
  const error = new Error(nameOf(reason?.error))
  error.stack = ""
  return Exit.fail(error)
}

/** A tracer whose spans hold names and times, and of errors nothing but their names. */
export const discreet = (tracer: Tracer.Tracer): Tracer.Tracer =>
  Tracer.make({
    ...tracer,
    span: (options) => {
      const span = tracer.span(options)
      const end = span.end.bind(span)
      return Object.assign(span, {
        end: (at: bigint, exit: Exit.Exit<unknown, unknown>) => end(at, inAWord(exit))
      })
    }
  })

/** Where there is a collector its protocol need not be named, too. */
const overOtlp = ConfigProvider.layerAdd(ConfigProvider.fromUnknown({ OTEL_TRACES_EXPORTER: "otlp" }))

/** Sends traces to a collector over OTLP, as the standard's variables (`OTEL_…`) say. */
export const layer = (version: string) =>
  Layer.mergeAll(
    Layer.succeed(Traced, true),
    Layer.provide(
      Layer.effect(Tracer.Tracer, Effect.map(Effect.tracer, discreet)),
      OtlpTracer.layerFromConfig({ resource: { serviceName: "keyhole", serviceVersion: version } })
    )
  ).pipe(Layer.provide(OtlpSerialization.layerJson), Layer.provide(FetchHttpClient.layer), Layer.provide(overOtlp))
