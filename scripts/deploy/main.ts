import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { generatedFiles } from './files.ts';

for (const [path, content] of Object.entries(generatedFiles()))
  writeFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), content);
