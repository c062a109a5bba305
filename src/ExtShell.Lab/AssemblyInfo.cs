using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("ExtShell.Lab.Tests")]
[assembly: InternalsVisibleTo("ExtShell.Conformance.Tests")]
