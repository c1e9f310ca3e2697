import { effect, type Signal, signal } from '@preact/signals'

export type Language = 'en' | 'zh'
/** `system` follows the operating system. */
export type Theme = 'system' | 'light' | 'dark'

/** What a person sets once: kept in the browser's storage where there is one. */
export type Preferences = {
  language: Signal<Language>
  theme: Signal<Theme>
  /** Width of a cell of the grid that it tries to keep, px. */
  cellWidth: Signal<number>
}

/** Cell widths that a person can choose, px. */
export const cellWidths = [150, 220, 320] as const

/** Reads the preferences, and applies them to the document whenever they change. */
export function createPreferences(): Preferences {
  const language = signal<Language>(oneOf(read('language'), ['en', 'zh']) ?? browserLanguage())
  const theme = signal<Theme>(oneOf(read('theme'), ['system', 'light', 'dark']) ?? 'system')
  const width = Number(read('cellWidth'))
  const cellWidth = signal<number>(cellWidths.find((known) => known === width) ?? 220)
  effect(() => {
    document.documentElement.lang = language.value === 'zh' ? 'zh-Hans' : 'en'
    write('language', language.value)
  })
  effect(() => {
    document.documentElement.dataset['theme'] = theme.value
    write('theme', theme.value)
  })
  effect(() => write('cellWidth', String(cellWidth.value)))
  return { language, theme, cellWidth }
}

function browserLanguage(): Language {
  const languages = navigator.languages.map((tag) => tag.toLowerCase().split('-')[0])
  return languages.find((tag): tag is Language => tag === 'zh' || tag === 'en') ?? 'en'
}

function oneOf<T extends string>(value: string | null, known: readonly T[]): T | undefined {
  return known.find((each) => each === value)
}

// A report from `file://`, or a browser that blocks storage, has none.
function read(key: string): string | null {
  try {
    return localStorage.getItem(`limn.${key}`)
  } catch {
    return null
  }
}

function write(key: string, value: string): void {
  try {
    localStorage.setItem(`limn.${key}`, value)
  } catch {
    // The preference holds until the page is closed.
  }
}
