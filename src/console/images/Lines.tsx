import type { ComponentChildren } from "preact"
import { useWindow } from "./useWindow.ts"

const HEIGHT = 20

/** Many lines of text, of which those in sight are made. */
export const Lines = ({
  count,
  label,
  line
}: {
  readonly count: number
  readonly label: string
  readonly line: (index: number) => ComponentChildren
}) => {
  const { box, onScroll, from, until } = useWindow(count, HEIGHT)
  return (
    <div ref={box} class="lines" role="region" aria-label={label} tabIndex={0} onScroll={onScroll}>
      <div class="tall" style={{ height: `${count * HEIGHT}px` }}>
        <div class="moved" style={{ transform: `translateY(${from * HEIGHT}px)` }}>
          {Array.from({ length: Math.max(0, until - from) }, (_, index) => (
            <div class="line" key={from + index}>
              {line(from + index)}
            </div>
          ))}
        </div>
      </div>
    </div>
  )
}
