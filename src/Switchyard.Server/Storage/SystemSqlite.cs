using System.Reflection;
using System.Runtime.InteropServices;

namespace Switchyard.Server.Storage;

/// <summary>
/// Prefers the system's SQLite, which the distribution patches, to the one bundled with the package (3.35.5); falls back to
/// the bundled one where the system has none.
/// </summary>
internal static class SystemSqlite
{
    private static readonly Lock Gate = new();
    private static bool used;

    public static void Use()
    {
        lock (Gate)
        {
            if (used)
            {
                return;
            }

            used = true;
            NativeLibrary.SetDllImportResolver(typeof(SQLitePCL.SQLite3Provider_e_sqlite3).Assembly, Resolve);
            SQLitePCL.Batteries_V2.Init();
        }
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path) =>
        name == "e_sqlite3" && NativeLibrary.TryLoad("libsqlite3.so.0", out var handle) ? handle : nint.Zero;
}
