import { useTranslation } from "react-i18next";
import { Problem } from "../api/problem";
import { ProblemAlert } from "../forms/problem-alert";

/** Why a proof was not taken: who is signed in already has mistyped the password, not the user name. */
export function ProofProblem({ error }: { error: unknown }) {
  const { t } = useTranslation();
  if (!(error instanceof Problem && error.code === "sign_in_failed")) return <ProblemAlert error={error} />;
  const { status, message: title } = error;
  return <ProblemAlert error={new Problem({ code: "wrong_password", status, title, detail: t("password.wrong") })} />;
}
