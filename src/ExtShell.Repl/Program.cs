using ExtShell.Repl;
using ExtShell.Repl.Running;

return new ConsoleProgram(Console.In, PipeOutput.Open(), Console.Error).Run(args);
