import { testCatalogues } from '../../i18n/catalogue.case.ts'
import { en } from './words-en.ts'
import { ko } from './words-ko.ts'

testCatalogues(en, ko)
