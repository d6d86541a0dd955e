import { operatorVerdicts, settingVerdicts, typeVerdicts } from './catalog-verdicts.mjs'
import { extensionVerdicts } from './extension-verdicts.mjs'
import { functionsPage, settingsPage } from './pages.mjs'
import {
  renderExtensions,
  renderFunctions,
  renderOperators,
  renderRelations,
  renderSettings,
  renderTypes,
} from './render.mjs'
import { functionVerdicts, informationSchemaFunctions, relationVerdicts } from './verdicts.mjs'

/** Every file that is made of the inventory and the rules: its text by its path. */
export function generated(inventory, extensionInventory) {
  const functions = functionVerdicts(inventory)
  const extensions = extensionVerdicts(extensionInventory)
  const settings = settingVerdicts(inventory)
  return {
    'src/policy/functions.generated.ts': renderFunctions(functions, informationSchemaFunctions(inventory)),
    'src/policy/extensions.generated.ts': renderExtensions(extensions),
    'src/policy/system-relations.generated.ts': renderRelations(relationVerdicts(inventory)),
    'src/policy/operators.generated.ts': renderOperators(operatorVerdicts(inventory)),
    'src/policy/types.generated.ts': renderTypes(typeVerdicts(inventory)),
    'src/policy/settings.generated.ts': renderSettings(settings),
    'docs/functions.md': functionsPage(functions, extensions),
    'docs/settings.md': settingsPage(settings),
  }
}
