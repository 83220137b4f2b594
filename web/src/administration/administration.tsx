import { Outlet } from "react-router";
import { NotFound } from "../frame/error-pages";
import { managesSomething } from "../session/may";
import { useSession } from "../session/session";
import { PhonePlaces } from "./phone-places";

/** The pages of who manages something; to everybody else they do not exist. */
export function Administration() {
  const session = useSession();
  if (!managesSomething(session)) return <NotFound />;
  return (
    <>
      <PhonePlaces />
      <Outlet />
    </>
  );
}
