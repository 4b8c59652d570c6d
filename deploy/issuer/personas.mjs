// Who can sign in locally: one persona for every role of every demo region, vendor users, and the platform operator.
// A persona is a name and a subject, nothing more: what a person may do is the services' own data.

import { readFileSync } from 'node:fs';

export function loadPersonas(file) {
  const source = JSON.parse(readFileSync(file, 'utf8'));
  const personas = new Map();
  const add = (sub, title, place, operator = false) => {
    const name = source.names[personas.size % source.names.length];
    personas.set(sub, { sub, name, title: place ? `${title}, ${place}` : title, operator });
  };
  for (const [region, place] of Object.entries(source.regions)) {
    for (const [role, title] of Object.entries(source.roles)) add(`${role}.${region}`, title, place);
    for (let number = 1; number <= source.vendor_users_per_region; number += 1) {
      add(`vendor${number}.${region}`, `${source.vendor_user_title} ${number}`, place);
    }
  }
  for (const [sub, title] of Object.entries(source.operators)) add(sub, title, '', true);
  return personas;
}
