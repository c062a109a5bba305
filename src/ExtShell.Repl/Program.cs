using ExtShell.Repl;

return await new ConsoleProgram(Console.In, Console.Out, Console.Error).RunAsync(args);
