/** Korean or English, said in their own words. */
import { useView } from '@madang/client/react'
import { CATALOGUES, useText } from '../../i18n/language.tsx'
import { LANGUAGES } from '../../preferences.ts'
import { useServices } from '../../services.tsx'
import { Choices } from '../../ui/choices.tsx'

export function LanguageSwitch() {
  const { preferences } = useServices()
  const { language } = useView(preferences)
  const text = useText()
  return (
    <Choices
      label={text.account.language}
      size="s"
      options={LANGUAGES.map((value) => ({ value, text: CATALOGUES[value].languageName }))}
      value={language}
      onChange={(value) => preferences.change({ language: value })}
    />
  )
}
