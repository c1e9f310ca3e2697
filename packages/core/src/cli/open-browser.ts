import { spawn } from 'node:child_process'

/** How each system opens a URL, by Node's name of the system. */
const commandBySystem: Readonly<Record<string, readonly [string, ...string[]]>> = {
  darwin: ['open'],
  // `start` takes the first argument in quotes for a title.
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
}

/**
 * Opens a URL in the user's browser, without waiting for it. A system without one is ignored: the
 * URL is printed too.
 */
export function openBrowser(url: string, env: Readonly<Record<string, string | undefined>>): void {
  const [command, ...args] = commandBySystem[process.platform] ?? ['xdg-open']
  const child = spawn(command, [...args, url], { stdio: 'ignore', detached: true, env })
  child.on('error', () => {})
  child.unref()
}
