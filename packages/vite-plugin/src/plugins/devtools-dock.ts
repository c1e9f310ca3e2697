import type { ResolvedConfig } from 'vite'

/** What Limn uses of the context of `@vitejs/devtools`, which is experimental and may be absent. */
type DevtoolsContext = {
  viteConfig?: Pick<ResolvedConfig, 'base'>
  docks?: { register(entry: Readonly<Record<string, string>>): unknown }
}

/** A part of a plugin that `@vitejs/devtools` reads, and Vite ignores. */
export type Devtools = { setup(context: DevtoolsContext): void }

/** A frame in a frame; the devtools would load a named icon from another server. */
const ICON = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="#4f56d8" stroke-width="2.5"><rect x="3" y="3" width="18" height="18" rx="4"/><rect x="9" y="9" width="6" height="6" fill="#4f56d8" stroke="none"/></svg>',
)}`

/** Adds the contact sheet to the dock of `@vitejs/devtools`, if the app has it. */
export function devtoolsDock(path: string): Devtools {
  return {
    setup({ viteConfig, docks }) {
      const url = `${viteConfig?.base ?? '/'}${path}`
      // A version with another API shows no dock; the contact sheet has its own URL.
      docks?.register?.({ id: 'limn', title: 'Limn', icon: ICON, type: 'iframe', url })
    },
  }
}
