using ExtShell.Repl;

return new ConsoleProgram(Console.In, Console.Out, Console.Error).Run(args);
