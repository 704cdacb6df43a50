// The form as a page lays it out: a block for each person, and one for all who share a role that repeats.

// [{role, repeat or null, sections}] in the form's order; a role whose people are still none comes last.
function lay({ sections, repeats }) {
  const blocks = [];
  for (const section of sections) {
    const repeat = repeats.find(({ role }) => section.role.startsWith(`${role}[`)) || null;
    const last = blocks[blocks.length - 1];
    if (repeat && last && last.repeat === repeat) last.sections.push(section);
    else blocks.push({ role: repeat ? repeat.role : section.role, repeat, sections: [section] });
  }
  const empty = repeats.filter((repeat) => !blocks.some((block) => block.repeat === repeat));
  return [...blocks, ...empty.map((repeat) => ({ role: repeat.role, repeat, sections: [] }))];
}

// Every field of the form.
const fieldsOf = (form) => form.sections.flatMap(({ fields }) => fields);

module.exports = { fieldsOf, lay };
