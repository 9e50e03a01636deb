/**
 * The names of tags, which this core has as texts or as objects.
 *
 * @param {(string | {name: string})[] | null | undefined} tags
 */
export default function tagNames(tags) {
  return (tags ?? [])
    .map((tag) => (typeof tag === "string" ? tag : tag.name))
    .join(",");
}
