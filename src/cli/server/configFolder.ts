import { homedir } from "node:os"
import { join } from "node:path"

type Environment = Readonly<Record<string, string | undefined>>

const usual = (platform: NodeJS.Platform, home: string, environment: Environment): string => {
  if (platform === "darwin") return join(home, "Library", "Application Support")
  if (platform === "win32") return environment["APPDATA"] || join(home, "AppData", "Roaming")
  return join(home, ".config")
}

/** Where this program keeps what is somebody's own: where the system has such things, or they want them. */
export const configFolder = (
  environment: Environment = process.env,
  platform = process.platform,
  home = homedir()
): string => join(environment["XDG_CONFIG_HOME"] || usual(platform, home, environment), "keyhole")
