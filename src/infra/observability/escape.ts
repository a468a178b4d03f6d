const hex = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`

/** No line breaks of any kind, no terminal control: what a value says stays within its line. */
export const escapeControls = (text: string): string => text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]/gu, hex)
