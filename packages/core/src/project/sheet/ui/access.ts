import { randomBytes, timingSafeEqual } from 'node:crypto'
import { isObject } from '../../../is-object.ts'

/** Who may use the server of `limn ui`: the browser that opened its link first. */
export type UiAccess = {
  /** Whether a `Host` is one of the names of the server. */
  isOwnHost(host: string | undefined): boolean
  /**
   * Exchanges the token of the link for a cookie; `undefined` if it is wrong, or was exchanged
   * before.
   *
   * @param body what the page sent: `{ token }`
   * @returns the value of `Set-Cookie`
   */
  exchange(body: unknown): string | undefined
  /** Whether a `Cookie` contains the one of the session. */
  isOpen(cookies: string | undefined): boolean
}

/** Creates the access to a server at a port. The token opens it once. */
export function createAccess({ token, port }: { token: string; port: number }): UiAccess {
  // Browsers send the cookies of all ports of a host: the name has the port.
  const name = `limn-${port}`
  const secret = randomBytes(24).toString('base64url')
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`]
  let isExchanged = false
  return {
    isOwnHost: (host) => host !== undefined && hosts.includes(host.toLowerCase()),
    exchange(body) {
      const given = isObject(body) ? body['token'] : undefined
      if (isExchanged || typeof given !== 'string' || !isSame(given, token)) return undefined
      isExchanged = true
      return `${name}=${secret}; Path=/; HttpOnly; SameSite=Strict`
    },
    isOpen(cookies = '') {
      return cookies
        .split(';')
        .map((each) => each.trim())
        .some((each) => each.startsWith(`${name}=`) && isSame(each.slice(name.length + 1), secret))
    },
  }
}

/** Compares two texts in a time that tells nothing about them. */
function isSame(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)]
  return a.length === b.length && timingSafeEqual(a, b)
}
