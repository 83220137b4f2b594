import { useQuery } from "@tanstack/react-query";
import { answered, api } from "../api/client";
import { together } from "../api/together";

/** What the server takes. */
const AT_ONCE = 100;

const nameOf = together(async (users) => {
  const { people } = await answered(api.GET("/api/v1/people", { params: { query: { users } } }));
  return new Map(people.map(({ id, display_name }) => [id, display_name]));
}, AT_ONCE);

/** The name of somebody of the installation; undefined while it is not known, and of nobody (an empty id). */
export function usePersonName(user: string): string | undefined {
  const query = useQuery({
    queryKey: ["person", user],
    queryFn: () => nameOf(user),
    enabled: user !== "",
    staleTime: 10 * 60_000,
  });
  return query.data ?? undefined;
}
