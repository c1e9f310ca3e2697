/*
 * Chromium reports a language such as `en-US@posix` where the system has no locale. `Intl` throws
 * for it, and uPlot passes it on as soon as it is loaded. This module is imported first.
 */
try {
  Intl.getCanonicalLocales(navigator.language)
} catch {
  const language = navigator.language.split('@')[0] ?? 'en'
  Object.defineProperty(navigator, 'language', { value: language, configurable: true })
}
