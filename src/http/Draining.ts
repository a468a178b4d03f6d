import { Context, type Ref } from "effect"

/** Whether the server is about to stop: no new work should be sent to it. */
export class Draining extends Context.Service<Draining, Ref.Ref<boolean>>()("keyhole/http/Draining") {}
