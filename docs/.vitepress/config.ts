import { limn } from '@limn/vite-plugin'
import { transformerTwoslash } from '@shikijs/vitepress-twoslash'
import { defineConfig, type DefaultTheme } from 'vitepress'
import llms from 'vitepress-plugin-llms'
import { linkToRepository } from './link-to-repository.ts'
import { showBraces } from './show-braces.ts'

const guide: DefaultTheme.SidebarItem[] = [
  {
    text: 'Start',
    items: [
      { text: 'Five minutes', link: '/start' },
      { text: 'Install from a clone', link: '/install' },
      { text: 'Concepts', link: '/concepts' },
      { text: 'Cookbook', link: '/cookbook' },
      { text: 'Limits and questions', link: '/faq' },
    ],
  },
  {
    text: 'Guides',
    items: [
      { text: 'The manifest', link: '/manifest' },
      { text: 'Command line', link: '/cli' },
      { text: 'Pictures from data', link: '/data' },
      { text: 'Texts on pictures', link: '/overlay' },
      { text: 'Characters, sheets, atlases', link: '/sheets' },
      { text: 'Tests of pictures', link: '/expect' },
      { text: 'Judge and alt texts', link: '/judge' },
      { text: 'Vite and frameworks', link: '/vite' },
      { text: 'Without Vite', link: '/without-vite' },
      { text: 'Contact sheet', link: '/contact-sheet' },
      { text: 'Providers and servers', link: '/providers' },
      { text: 'Your own programs', link: '/commands' },
      { text: 'Costs', link: '/cost' },
      { text: 'Batches', link: '/batch' },
      { text: 'Coding agents', link: '/agents' },
    ],
  },
  {
    text: 'Teams and scale',
    items: [
      { text: 'CI', link: '/ci' },
      { text: 'Compare pictures', link: '/compare' },
      { text: 'Share pictures', link: '/remote' },
      { text: 'Many machines', link: '/scale' },
      { text: 'Telemetry', link: '/telemetry' },
    ],
  },
  {
    text: 'Reference',
    items: [
      { text: 'Commands', link: '/reference/commands' },
      { text: 'Manifest keys', link: '/reference/manifest' },
      { text: 'Presets', link: '/reference/presets' },
      { text: 'Styles', link: '/reference/styles' },
      { text: 'Models and prices', link: '/reference/models' },
      { text: 'Errors', link: '/reference/errors' },
      { text: 'JSON output', link: '/json' },
      { text: 'Node API', link: '/api' },
      { text: 'Glossary', link: '/glossary' },
      { text: 'Changelog', link: '/reference/changelog' },
    ],
  },
  {
    text: 'How it works',
    items: [
      { text: 'Architecture', link: '/architecture' },
      { text: 'Security model', link: '/security' },
      { text: 'Decisions', link: '/decisions/README' },
    ],
  },
]

const chinese: DefaultTheme.SidebarItem[] = [
  {
    text: '开始',
    items: [
      { text: '五分钟上手', link: '/zh/start' },
      { text: '清单文件', link: '/zh/manifest' },
      { text: '实例', link: '/zh/cookbook' },
      { text: '错误代码', link: '/zh/errors' },
    ],
  },
  { text: '英文文档', items: [{ text: 'All pages', link: '/concepts' }] },
]

export default defineConfig({
  title: 'Limn',
  description: 'Manages the generated pictures of a repo like a package manager its dependencies.',
  cleanUrls: true,
  lastUpdated: false,
  srcExclude: ['node_modules/**'],
  markdown: {
    theme: { light: 'github-light', dark: 'github-dark' },
    anchor: { slugify: slugOf },
    codeTransformers: [transformerTwoslash()],
    languages: ['js', 'jsx', 'ts', 'tsx', 'vue', 'svelte', 'yaml'],
    config(md) {
      linkToRepository(md)
      showBraces(md)
    },
  },
  themeConfig: {
    // Most pages are in English only; the menu of languages leads to the first page.
    i18nRouting: false,
    search: { provider: 'local' },
    outline: [2, 3],
    sidebar: guide,
    nav: [
      { text: 'Start', link: '/start' },
      { text: 'Manifest', link: '/manifest' },
      { text: 'Commands', link: '/reference/commands' },
    ],
  },
  locales: {
    root: { label: 'English', lang: 'en' },
    zh: {
      label: '中文',
      lang: 'zh-CN',
      description: '像包管理器管理依赖一样，管理仓库里生成的图片。',
      themeConfig: {
        sidebar: chinese,
        nav: [
          { text: '开始', link: '/zh/start' },
          { text: '清单', link: '/zh/manifest' },
        ],
        outline: { label: '本页内容', level: [2, 3] },
        docFooter: { prev: '上一页', next: '下一页' },
      },
    },
  },
  vite: { plugins: [limn(), llms({ ignoreFiles: ['zh/**'] })] },
})

/** Returns the anchor of a heading as GitHub makes it, so that links work in both places. */
function slugOf(heading: string): string {
  return heading
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}_ -]/gu, '')
    .replaceAll(' ', '-')
}
