import { useQuery } from "@tanstack/react-query";
import { answered, api } from "../api/client";
import { Problem } from "../api/problem";
import type { ImageView } from "../api/schema";
import { usePoolOrder } from "../pool/order";

interface ShownImage {
  /** Undefined while it is not known yet, or cannot be. */
  image: ImageView | undefined;
  missing: boolean;
  /** Why it is not known yet. */
  error: Error | null;
  refetch: () => void;
}

/** A photograph as the pool knows it; what the pool does not hold (yet, or any more) is asked for alone. */
export function useShownImage(patient: string, id: string): ShownImage {
  const known = usePoolOrder().image(id);
  const { data, error, refetch } = useQuery({
    queryKey: ["image", patient, id],
    queryFn: () => {
      const params = { path: { patient, image: id } };
      return answered(api.GET("/api/v1/patients/{patient}/images/{image}", { params }));
    },
    enabled: known === undefined,
    staleTime: 0,
    gcTime: 0,
  });
  if (known !== undefined) return { image: known, missing: false, error: null, refetch };
  // an id that nobody could have made is answered as a malformed request
  const missing = error instanceof Problem && (error.status === 404 || error.status === 400);
  return { image: missing ? undefined : data, missing, error: missing ? null : error, refetch };
}
