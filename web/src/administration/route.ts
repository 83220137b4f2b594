import { type RouteObject, redirect } from "react-router";
import { part } from "../ui/part";

/** The addresses of administration. */
export const administrationRoute: RouteObject = {
  path: "/administration",
  lazy: part(async () => ({
    Component: (await import("./administration")).Administration,
  })),
  children: [
    { index: true, loader: () => redirect("/administration/users") },
    {
      path: "users",
      lazy: part(async () => ({ Component: (await import("./users-page")).UsersPage })),
    },
    {
      path: "users/new",
      lazy: part(async () => ({ Component: (await import("./invite-page")).InvitePage })),
    },
    {
      path: "users/:user",
      lazy: part(async () => ({ Component: (await import("./user-page")).UserPage })),
    },
    {
      path: "emergency",
      lazy: part(async () => ({ Component: (await import("../emergency/alerts-page")).AlertsPage })),
    },
    {
      path: "settings",
      lazy: part(async () => ({ Component: (await import("./settings-page")).SettingsPage })),
    },
    {
      path: "licence",
      lazy: part(async () => ({ Component: (await import("./licence-page")).LicencePage })),
    },
    {
      path: "tags",
      lazy: part(async () => ({ Component: (await import("../tags/editor-page")).TagsPage })),
    },
    {
      path: "sites",
      lazy: part(async () => ({ Component: (await import("./sites-page")).SitesPage })),
    },
    {
      path: "sites/new",
      lazy: part(async () => ({
        Component: (await import("./new-site-page")).NewSitePage,
      })),
    },
    {
      path: "sites/:site/consent-forms",
      lazy: part(async () => ({ Component: (await import("../consent/forms-page")).ConsentFormsPage })),
    },
    {
      path: "sites/:site",
      lazy: part(async () => ({ Component: (await import("./site-page")).SitePage })),
    },
  ],
};
