namespace Switchyard.Server.Storage;

/// <summary>Another process has the data folder open: SQLite has one process a file.</summary>
public sealed class DataFolderInUseException(string folder, Exception inner) : InvalidOperationException(
    $"The data folder {folder} is in use by another Switchyard process. Stop that one, or name another folder with --data.", inner)
{
    public string Folder => folder;
}
