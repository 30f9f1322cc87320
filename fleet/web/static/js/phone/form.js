/* Reads a form that tells a fact (`data-fact`) as the fact it tells, and says what it still lacks. The names of its fields
   are the names of a fact's details: a checkbox "yes" is a flag, "yes"/"no" a flag or unsaid, repeated names a list. */
const NOT_DETAILS = new Set(["csrf_token", "fact_id", "code", "photo"]);

export function factOf(form, person) {
  const { fact: action, run, job, code, photoTo } = form.dataset;
  const details = detailsOf(form);
  if (job) details.job = Number(job);
  const photo = new FormData(form).get("photo");
  return {
    person,
    action,
    code: String(new FormData(form).get("code") ?? "").trim() || code || "",
    run: run ? Number(run) : null,
    job: job ? Number(job) : null,
    details,
    ...(photo instanceof File && photo.size > 0 ? { photo, photo_to: photoTo } : {}),
  };
}

function detailsOf(form) {
  const details = {};
  for (const name of new Set(new FormData(form).keys())) {
    if (NOT_DETAILS.has(name)) continue;
    const values = new FormData(form).getAll(name);
    const [first] = values;
    if (isList(form, name)) details[name] = values;
    else if (first === "yes" || first === "no") details[name] = first === "yes";
    else if (first !== "") details[name] = first;
  }
  return details;
}

function isList(form, name) {
  const fields = form.elements.namedItem(name);
  const all = fields instanceof RadioNodeList ? [...fields] : [fields];
  return all.some((field) => field.type === "checkbox" && field.value !== "yes");
}

/* Why this is not worth keeping yet, as a sentence, or nothing. The hub would say the same, but might be out of reach. */
export function lacking(form, fact) {
  if (!fact.code && fact.action !== "hazard") return "Scan the label, or type its code.";
  const needed = JSON.parse(form.dataset.needed ?? "{}");
  const missing = Object.keys(needed).find((name) => !(name in fact.details));
  return missing && needed[missing];
}

/* The code of the tablet that belongs to this form's stop, as far as the page knows. */
export function codeOf(form) {
  return form.querySelector("[data-expected]")?.dataset.expected || form.dataset.code || "";
}

/* A code as letters and digits alone, whether it was typed with or without its dash or read as the label's address. */
export function plain(code) {
  return code.trim().split("/").at(-1).toUpperCase().replace(/[^0-9A-Z]/g, "");
}
