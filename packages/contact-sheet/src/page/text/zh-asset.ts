/*
 * Texts of the asset view and of the actions, in Chinese.
 */
import type { assetTexts as english } from './en-asset.ts'

export const assetTexts: typeof english = { back: '全部图片' }
