/*
 * Texts of the asset view and of the actions, in English.
 */
export const assetTexts = { back: 'All pictures' }
