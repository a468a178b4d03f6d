import { readFileSync } from "node:fs"

const TICKS_A_SECOND = 100

/** Resident bytes of a process, as Linux counts them. */
export const residentBytes = (pid: number): number =>
  Number(/^VmRSS:\s+(\d+) kB$/mu.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) * 1024

/** Seconds of processor time that a process has used, all its threads together. */
export const cpuSeconds = (pid: number): number => {
  // proc_pid_stat(5): the command's name, in brackets, may hold anything; utime is the 14th field, stime the 15th.
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8")
  const [utime = 0, stime = 0] = stat
    .slice(stat.lastIndexOf(")") + 2)
    .split(" ")
    .slice(11, 13)
    .map(Number)
  return (utime + stime) / TICKS_A_SECOND
}

/** The most memory a process has had since now; ask for it once, at the end. */
export const watchMemory = (pid: number): (() => number) => {
  let most = residentBytes(pid)
  const timer = setInterval(() => {
    most = Math.max(most, residentBytes(pid))
  }, 20)
  return () => {
    clearInterval(timer)
    return Math.max(most, residentBytes(pid))
  }
}
