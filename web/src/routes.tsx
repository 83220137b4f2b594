import { lazy, Suspense } from "react";
import { createBrowserRouter, type LoaderFunctionArgs, Outlet, type RouteObject, redirect } from "react-router";
import { administrationRoute } from "./administration/route";
import { Home, NotFound, RouteError } from "./frame/error-pages";
import { Frame } from "./frame/frame";
import { fetchPatientAhead } from "./patients/patient";
import { fetchPoolAhead } from "./pool/pool";
import { SessionGate } from "./session/gate";
import { takeLinkToken } from "./session/link-token";
import { part } from "./ui/part";
import { Waiting } from "./ui/waiting";

const News = lazy(part(async () => ({ default: (await import("./ui/news")).News })));

/** What every page has: a place for what it has to tell. */
function Root() {
  return (
    <>
      <Suspense>
        <News />
      </Suspense>
      <Outlet />
    </>
  );
}

/** What a page of a patient needs is asked for while its script is still on its way. */
function ahead(fetch: (patient: string) => void) {
  return ({ params }: LoaderFunctionArgs): null => {
    if (params.patient !== undefined) fetch(params.patient);
    return null;
  };
}

const viewer: RouteObject = {
  path: ":image",
  lazy: part(async () => ({ Component: (await import("./viewer/viewer")).Viewer })),
};

/** Every address of the interface. Addresses hold ids, never what was searched for or anybody's name. */
export const router = createBrowserRouter([
  {
    Component: Root,
    HydrateFallback: Waiting,
    ErrorBoundary: RouteError,
    children: [
      { path: "/sign-in", lazy: part(async () => ({ Component: (await import("./session/sign-in")).SignIn })) },
      {
        path: "/choose-password",
        lazy: part(async () => ({ Component: (await import("./session/choose-password")).ChoosePassword })),
      },
      {
        path: "/set-up-second-factor",
        lazy: part(async () => ({
          Component: (await import("./session/require-second-factor")).RequireSecondFactor,
        })),
      },
      {
        path: "/welcome",
        loader: takeLinkToken,
        lazy: part(async () => ({ Component: (await import("./session/welcome")).Welcome })),
      },
      {
        Component: SessionGate,
        children: [
          {
            Component: Frame,
            ErrorBoundary: RouteError,
            children: [
              { index: true, Component: Home },
              {
                path: "/patients",
                lazy: part(async () => ({ Component: (await import("./database/page")).PatientDatabase })),
              },
              {
                path: "/patients/new",
                lazy: part(async () => ({ Component: (await import("./patients/create")).CreatePatient })),
              },
              {
                path: "/patients/:patient",
                loader: ahead(fetchPatientAhead),
                lazy: part(async () => ({ Component: (await import("./patients/patient-page")).PatientPage })),
                children: [
                  { index: true, loader: ({ params }) => redirect(`/patients/${params.patient}/entries`) },
                  {
                    path: "entries",
                    lazy: part(async () => ({ Component: (await import("./entries/entries-page")).EntriesPage })),
                  },
                  {
                    path: "entries/:entry",
                    lazy: part(async () => ({ Component: (await import("./entries/entry-page")).EntryPage })),
                    children: [viewer],
                  },
                  {
                    path: "entries/:entry/pool",
                    loader: ahead(fetchPoolAhead),
                    lazy: part(async () => ({ Component: (await import("./entries/entry-pool-page")).EntryPoolPage })),
                    children: [viewer],
                  },
                  {
                    path: "pool",
                    loader: ahead(fetchPoolAhead),
                    lazy: part(async () => ({ Component: (await import("./pool/page")).PoolPage })),
                    children: [viewer],
                  },
                  {
                    path: "details",
                    lazy: part(async () => ({ Component: (await import("./details/page")).DetailsPage })),
                  },
                  {
                    path: "merge",
                    lazy: part(async () => ({ Component: (await import("./details/merge-page")).MergePage })),
                  },
                  {
                    path: "consent",
                    lazy: part(async () => ({ Component: (await import("./consent/consent-page")).ConsentPage })),
                  },
                  {
                    path: "sharing",
                    lazy: part(async () => ({ Component: (await import("./patients/sharing-page")).SharingPage })),
                  },
                  {
                    path: "activity",
                    lazy: part(async () => ({ Component: (await import("./audit/activity-page")).ActivityPage })),
                  },
                ],
              },
              {
                path: "/emergency",
                lazy: part(async () => ({ Component: (await import("./emergency/emergency-page")).EmergencyPage })),
              },
              {
                path: "/audit",
                lazy: part(async () => ({ Component: (await import("./audit/trail-page")).TrailPage })),
              },
              {
                path: "/account",
                lazy: part(async () => ({ Component: (await import("./account/account-page")).AccountPage })),
              },
              administrationRoute,
              { path: "*", Component: NotFound },
            ],
          },
        ],
      },
    ],
  },
]);
