using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("ExtShell.Engine.Tests")]
