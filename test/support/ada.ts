/** What everybody in the tests signs in with, unless the password is what is tested. */
export const PASSWORD = "a lighthouse at noon"

/** Who signs in where one person is enough. */
export const ada = { email: "ada@example.com", password: PASSWORD } as const
