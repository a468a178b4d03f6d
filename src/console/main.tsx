import { render } from "preact"
import { Console } from "./Console.tsx"
import { keyhole } from "./keyhole.ts"

const root = document.querySelector("#console")
if (root !== null) render(<Console />, root)
void keyhole.resume().catch(() => undefined)
