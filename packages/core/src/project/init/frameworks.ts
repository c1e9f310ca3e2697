/** The package of the Vite plugin. */
export const PLUGIN_PACKAGE = '@limn/vite-plugin'

/** A framework whose config takes Vite plugins. */
export type Framework = {
  /** For people. */
  name: string
  /** The package that a project of it depends on. */
  dependency: string
  /** Name of the config that takes the plugin, without its ending. */
  config: string
  /** Keys that lead to the array of plugins in it. */
  keys: readonly string[]
}

const viteKeys = ['plugins']

/** The frameworks, the most specific first. Vite is the last: the others contain it. */
export const frameworks: readonly Framework[] = [
  { name: 'Astro', dependency: 'astro', config: 'astro.config', keys: ['vite', 'plugins'] },
  { name: 'Nuxt', dependency: 'nuxt', config: 'nuxt.config', keys: ['vite', 'plugins'] },
  ...(
    [
      ['SvelteKit', '@sveltejs/kit'],
      ['React Router', '@react-router/dev'],
      ['Vite and React', '@vitejs/plugin-react'],
      ['Vite and React', '@vitejs/plugin-react-swc'],
      ['Vite and Preact', '@preact/preset-vite'],
      ['Vite and Svelte', '@sveltejs/vite-plugin-svelte'],
      ['Vite and Solid', 'vite-plugin-solid'],
      ['Vite and Vue', '@vitejs/plugin-vue'],
      ['Vite and Qwik', '@builder.io/qwik'],
      ['Vite and Lit', 'lit'],
    ] as const
  ).map(([name, dependency]) => ({ name, dependency, config: 'vite.config', keys: viteKeys })),
  { name: 'Vite', dependency: 'vite', config: 'vite.config', keys: viteKeys },
]
