using System.Reflection;
using ExtShell.PowerShell.Help;

// usage: MODULE-ASSEMBLY EXAMPLES OUTPUT-FOLDER
if (args.Length != 3)
{
    Console.Error.WriteLine("usage: ExtShell.PowerShell.Help MODULE-ASSEMBLY EXAMPLES OUTPUT-FOLDER");
    return 2;
}

string assemblyPath = Path.GetFullPath(args[0]);
AppDomain.CurrentDomain.AssemblyResolve += (_, wanted) =>
{
    string beside = Path.Combine(Path.GetDirectoryName(assemblyPath)!, new AssemblyName(wanted.Name).Name + ".dll");
    return File.Exists(beside) ? Assembly.LoadFrom(beside) : null;
};
var texts = new DocumentationTexts(Path.ChangeExtension(assemblyPath, ".xml"));
IReadOnlyDictionary<string, IReadOnlyList<Example>> examples = Example.ReadAll(args[1]);
Directory.CreateDirectory(args[2]);
Command[] commands = Command.Of(Assembly.LoadFrom(assemblyPath), texts);
var help = new MamlWriter(commands, examples);
help.Save(Path.Combine(args[2], Path.GetFileName(assemblyPath) + "-Help.xml"));
AboutTopics.Write(args[2]);
return 0;
