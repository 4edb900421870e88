import type { GroupMember } from './group-member.ts';

/** Names of the protocols that all of these members have, in the first one's order. */
export function commonProtocols(members: readonly GroupMember[]): string[] {
  const [first, ...rest] = members;
  const names = (first?.description.protocols ?? []).map(({ name }) => name);
  return names.filter((name) => rest.every(({ description }) => description.protocols.some((p) => p.name === name)));
}

/** Each member votes for the first of its protocols that all have; most votes win. */
export function electProtocol(members: readonly GroupMember[]): string {
  const candidates = commonProtocols(members);
  const votes = new Map(candidates.map((name) => [name, 0]));
  for (const { description } of members) {
    const vote = description.protocols.find(({ name }) => votes.has(name))?.name;
    if (vote !== undefined) votes.set(vote, (votes.get(vote) ?? 0) + 1);
  }
  return candidates.reduce(
    (best, name) => ((votes.get(name) ?? 0) > (votes.get(best) ?? -1) ? name : best),
    candidates[0] ?? '',
  );
}
